#!/bin/sh
# Creates the secrets of a deployment on PostgreSQL in a folder. Secrets that exist already are kept.
set -eu
folder=${1:?Usage: sh tools/make-secrets.sh FOLDER}
mkdir -p "$folder"
# Only the owner may enter the folder, but the files in it are readable: each is mounted into containers whose
# users differ.
chmod 700 "$folder"
for name in secret_key database_password; do
  if [ -e "$folder/$name" ]; then
    echo "$folder/$name exists already, and is kept."
  else
    # 36 random bytes, in letters, digits, - and _.
    head -c 36 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"$folder/$name"
    chmod 444 "$folder/$name"
    echo "$folder/$name is created."
  fi
done
