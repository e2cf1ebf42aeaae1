#!/usr/bin/env bash
# What `npm run conformance -- --require-all` wants of Debian: three browsers, and arm64 by emulation. Installs
# what is missing, as root, and says nothing unless it fails.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

missing=()
for package in \
  chromium firefox-esr \
  webkit2gtk-driver xvfb xauth \
  qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross libatomic1-arm64-cross; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

apt-get update -qq
apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null
