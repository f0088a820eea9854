/** A name like "net.ipv4.ip_local_port_range" or a path in the parts between which it may be broken. */
export function settingParts(name: string): string[] {
  return name.split(/(?<=[./])/);
}

/** Longer values may wrap; shorter ones never do. */
const SHORT_CHARACTERS = 26;

/** Whether a value is to stand on one line. */
export function isShortValue(value: string): boolean {
  return value.length <= SHORT_CHARACTERS;
}
