#!/usr/bin/env bash
# What test/embedding.test.ts wants: Python with the package wasmtime, which carries the runtime, in
# build/embedding. Installs what is missing and says nothing unless it fails.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! python3 -m pip --version >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 python3-pip >/dev/null
fi

wanted=$(sha256sum test/embedding/requirements.txt)
[ "$(cat build/embedding/installed 2>/dev/null)" != "$wanted" ] || exit 0
rm -rf build/embedding
python3 -m pip install -qq --disable-pip-version-check --root-user-action=ignore \
  --only-binary :all: --target build/embedding --requirement test/embedding/requirements.txt
echo "$wanted" >build/embedding/installed
