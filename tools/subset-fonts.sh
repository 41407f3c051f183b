#!/bin/sh
# Makes apps/web/fonts from the fonts in node_modules: their Latin letters in the weights that the app uses, at less
# than half the size. Needs fonttools and brotli (on Debian: python3-fonttools and python3-brotli).
set -eu
cd "$(dirname "$0")/.."

# In styles.css, too.
characters='U+0000-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212'
whole=$(mktemp)
trap 'rm -f "$whole"' EXIT

for font in inter jetbrains-mono; do
  python3 -m fontTools.varLib.instancer --quiet --no-recalc-timestamp --output "$whole" \
    "node_modules/@fontsource-variable/$font/files/$font-latin-wght-normal.woff2" wght=400:600
  # Without ligatures. Names keep the copyright and the licence.
  python3 -m fontTools.subset "$whole" --unicodes="$characters" --layout-features=kern,tnum --no-hinting --name-IDs='*' \
    --flavor=woff2 --output-file="apps/web/fonts/$font.woff2"
done
