#!/bin/sh
# After the deb or rpm has put its files in place. Works in a chroot and without the tools it looks for; it never
# fails the installation. No ${...} here: electron-builder would replace it.

app=/opt/Fourtuple
link=/usr/bin/fourtuple
profile=/etc/apparmor.d/fourtuple

# A file of that name that is no link belongs to somebody else.
if [ -L "$link" ] || [ ! -e "$link" ]; then
    ln -sf "$app/fourtuple" "$link" || true
fi

# Chromium's helper needs the set-user-ID bit only where there are no user namespaces.
if [ -L /proc/self/ns/user ] && unshare --user true 2>/dev/null; then
    chmod 0755 "$app/chrome-sandbox" || true
else
    chmod 4755 "$app/chrome-sandbox" || true
fi

if command -v update-mime-database >/dev/null 2>&1; then
    update-mime-database /usr/share/mime || true
fi
if command -v update-desktop-database >/dev/null 2>&1; then
    update-desktop-database /usr/share/applications || true
fi
if command -v gtk-update-icon-cache >/dev/null 2>&1; then
    gtk-update-icon-cache -q -t /usr/share/icons/hicolor || true
fi

# The profile is for AppArmor 4; older ones restrict no user namespaces and cannot read it.
if command -v apparmor_parser >/dev/null 2>&1 && [ -d /etc/apparmor.d ] &&
    apparmor_parser --skip-kernel-load --skip-cache "$app/resources/apparmor-profile" >/dev/null 2>&1; then
    cp -f "$app/resources/apparmor-profile" "$profile" || true
    chmod 0644 "$profile" || true
    if [ -d /sys/kernel/security/apparmor ]; then
        apparmor_parser --replace --write-cache --skip-read-cache "$profile" >/dev/null 2>&1 || true
    fi
fi

exit 0
