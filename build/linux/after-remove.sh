#!/bin/sh
# After the deb or rpm has taken its files away. No ${...} here: electron-builder would replace it.

link=/usr/bin/fourtuple
profile=/etc/apparmor.d/fourtuple

# An upgrade also runs this, in rpm even after the new version's own script: dpkg says so in words, rpm with the
# number of versions that are left.
case "$1" in
    upgrade | failed-upgrade | abort-install | abort-upgrade | disappear | 1 | 2) exit 0 ;;
esac

if [ -L "$link" ] && [ "$(readlink "$link")" = /opt/Fourtuple/fourtuple ]; then
    rm -f "$link"
fi

if [ -f "$profile" ]; then
    if command -v apparmor_parser >/dev/null 2>&1 && [ -d /sys/kernel/security/apparmor ]; then
        apparmor_parser --remove "$profile" >/dev/null 2>&1 || true
    fi
    rm -f "$profile"
fi

if command -v update-mime-database >/dev/null 2>&1; then
    update-mime-database /usr/share/mime || true
fi
if command -v update-desktop-database >/dev/null 2>&1; then
    update-desktop-database /usr/share/applications || true
fi

exit 0
