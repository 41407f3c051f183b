#!/bin/sh
# Makes the secrets of a deployment on PostgreSQL in a folder of their own. What is there already stays as it is.
set -eu
folder=${1:?Usage: sh tools/make-secrets.sh FOLDER}
mkdir -p "$folder"
# The folder is closed, and the files in it are open: the containers, whose users differ, are given the files themselves.
chmod 700 "$folder"
for name in secret_key database_password; do
  if [ -e "$folder/$name" ]; then
    echo "$folder/$name is there already."
  else
    # 36 random bytes, in letters, digits, - and _.
    head -c 36 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"$folder/$name"
    chmod 444 "$folder/$name"
    echo "$folder/$name is made."
  fi
done
