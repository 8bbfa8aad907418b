#!/usr/bin/env bash
# Installs what the GPU and browser tests need on Debian or Ubuntu as root: a software Vulkan driver that Dawn accepts
# (lavapipe of Mesa 23 or newer), Chromium (which brings SwiftShader), and GDAL as the oracle for files.
# Does nothing where it is all present; elsewhere it says what to install and exits 0, and the tests that need it skip.
# ECOFLUX_SYSTEM_ROOT: a folder to look into instead of /, for the test of this script.
set -euo pipefail
root=${ECOFLUX_SYSTEM_ROOT:-}

advise() {
  echo "setup: $*; install Mesa's software Vulkan driver (23 or newer), Chromium and GDAL with Python bindings" >&2
  echo "setup: tests that need them are skipped (REQUIRE_GPU=1 makes that a failure)" >&2
}
# Before anything else: on macOS /usr/bin/python3 is a stub that opens a window and offers to install developer tools.
if [ "$(uname)" != Linux ]; then
  advise "nothing is looked for or installed on $(uname)"
  exit 0
fi

missing=()
ls "$root"/usr/share/vulkan/icd.d/lvp_icd*.json >/dev/null 2>&1 || missing+=("lavapipe")
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=("chromium")
command -v gdalinfo >/dev/null || missing+=("gdal")
"$root"/usr/bin/python3 -c 'from osgeo import gdal, gdal_array' 2>/dev/null || missing+=("python3-gdal")

# Mesa 22 (Debian 12) is rejected by Dawn: its Vulkan lacks what WebGPU needs.
mesa_major() { dpkg-query -W -f '${Version}' mesa-vulkan-drivers 2>/dev/null | sed 's/^[0-9]*://; s/\..*//'; }
[ "$(mesa_major || echo 0)" -ge 23 ] 2>/dev/null || missing+=("mesa-23")

[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  advise "missing ${missing[*]}"
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
. "$root"/etc/os-release
quiet_update() { apt-get update -qq >/dev/null 2>&1 || apt-get update -qq; }
quiet_update && updates=yes || updates=no # one dead third-party source must not stop us

candidate() { apt-cache policy mesa-vulkan-drivers | sed -n 's/^ *Candidate: *\([0-9]*:\)\{0,1\}\([0-9]*\).*/\2/p'; }
# Address, suite and component of every list of packages that apt has.
suites() { apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages'; }
backports="${VERSION_CODENAME}-backports"
has_backports() { suites | awk -v suite="$backports" '$2 == suite && $3 == "main" { found = 1 } END { exit !found }'; }

# Adds the backports suite of the mirror that the machine already uses for its release. A suite that apt has already is left as it
# is: the same one twice with different keys makes apt refuse all its sources. Fails, with the file gone again, where apt does not
# take it.
add_backports() {
  local uri file options="" keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  uri=$(suites | awk -v release="$VERSION_CODENAME" '$2 == release && $3 == "main" { print $1; exit }')
  [ -n "$uri" ] || return 1
  file=$root/etc/apt/sources.list.d/backports-for-vulkan.list
  [ -f "$root$keyring" ] && options="[signed-by=$keyring] "
  echo "deb ${options}${uri} $backports main" > "$file"
  if { quiet_update || [ $updates = no ]; } && has_backports; then return 0; fi
  rm -f "$file"
  quiet_update || true
  return 1
}

vulkan=yes
from=()
major=$(candidate)
if [ "${major:-0}" -lt 23 ]; then
  if has_backports || add_backports; then from=(-t "$backports"); else vulkan=no; fi
fi
if [ $vulkan = yes ]; then
  echo "setup: installing the software Vulkan driver" >&2
  apt-get install -y -qq --no-install-recommends "${from[@]}" mesa-vulkan-drivers libvulkan1 >/dev/null
else
  echo "setup: no Mesa 23 or newer for $VERSION_CODENAME; add $backports by hand for the software Vulkan driver" >&2
fi
browser=chromium; apt-cache show chromium >/dev/null 2>&1 || browser=chromium-browser
echo "setup: installing Chromium and GDAL" >&2
apt-get install -y -qq --no-install-recommends "$browser" gdal-bin python3-gdal python3-numpy >/dev/null
