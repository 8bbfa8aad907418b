#!/usr/bin/env bash
# Installs what the GPU and browser tests need on Debian or Ubuntu as root: a software Vulkan driver that Dawn accepts
# (lavapipe of Mesa 23 or newer), Chromium (which brings SwiftShader), and GDAL as the oracle for files.
# Does nothing where it is all present; elsewhere it says what to install and exits 0, and the tests that need it skip.
set -euo pipefail

missing=()
ls /usr/share/vulkan/icd.d/lvp_icd*.json >/dev/null 2>&1 || missing+=("lavapipe")
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=("chromium")
command -v gdalinfo >/dev/null || missing+=("gdal")
/usr/bin/python3 -c 'from osgeo import gdal, gdal_array' 2>/dev/null || missing+=("python3-gdal")

# Mesa 22 (Debian 12) is rejected by Dawn: its Vulkan lacks what WebGPU needs.
mesa_major() { dpkg-query -W -f '${Version}' mesa-vulkan-drivers 2>/dev/null | sed 's/^[0-9]*://; s/\..*//'; }
[ "$(mesa_major || echo 0)" -ge 23 ] 2>/dev/null || missing+=("mesa-23")

[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "setup: missing ${missing[*]}; install Mesa's software Vulkan driver (23 or newer), Chromium and GDAL with Python bindings" >&2
  echo "setup: tests that need them are skipped (REQUIRE_GPU=1 makes that a failure)" >&2
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
. /etc/os-release
quiet_update() { apt-get update -qq >/dev/null 2>&1 || apt-get update -qq || true; } # one dead third-party source must not stop us
quiet_update

candidate() { apt-cache policy mesa-vulkan-drivers | sed -n 's/^ *Candidate: *\([0-9]*:\)\{0,1\}\([0-9]*\).*/\2/p'; }
from=()
if [ "$(candidate)" -lt 23 ]; then
  # The backports suite of the same mirror that the machine already uses for its release.
  uri=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$VERSION_CODENAME" '$2 == release && $3 == "main" { print $1; exit }')
  [ -n "$uri" ] || { echo "setup: no apt source for $VERSION_CODENAME main found; add ${VERSION_CODENAME}-backports by hand" >&2; exit 0; }
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  options=""; [ -f "$keyring" ] && options="[signed-by=$keyring] "
  echo "deb ${options}${uri} ${VERSION_CODENAME}-backports main" > /etc/apt/sources.list.d/backports-for-vulkan.list
  quiet_update
  from=(-t "${VERSION_CODENAME}-backports")
fi
echo "setup: installing the software Vulkan driver" >&2
apt-get install -y -qq --no-install-recommends "${from[@]}" mesa-vulkan-drivers libvulkan1 >/dev/null
browser=chromium; apt-cache show chromium >/dev/null 2>&1 || browser=chromium-browser
echo "setup: installing Chromium and GDAL" >&2
apt-get install -y -qq --no-install-recommends "$browser" gdal-bin python3-gdal python3-numpy >/dev/null
