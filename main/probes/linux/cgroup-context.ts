/** Which systemd unit and which container a control group path names. */

export interface CgroupContext {
  /** "nginx.service"; null when the path names none. */
  unit: string | null;
  /** "docker 3f2a9c…" with the first twelve digits of its id, "lxc web", "machine build"; null when it names none. */
  container: string | null;
}

/** 64 hexadecimal digits, of which twelve are what people see in `docker ps`. */
const SHOWN_ID_DIGITS = 12;

const SCOPES: readonly (readonly [RegExp, string])[] = [
  [/^docker-([0-9a-f]{64})\.scope$/, 'docker'],
  [/^libpod-([0-9a-f]{64})\.scope$/, 'podman'],
  [/^cri-containerd-([0-9a-f]{64})\.scope$/, 'containerd'],
  [/^crio-([0-9a-f]{64})(?:\.scope)?$/, 'cri-o'],
];

/** Reads the path from its end: the innermost container and unit count. */
export function contextOfCgroup(path: string): CgroupContext {
  const parts = path.split('/').filter((part) => part !== '');
  let container: string | null = null;
  let unit: string | null = null;
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index] ?? '';
    container ??= containerOf(part, parts[index - 1] ?? '');
    if (unit === null && /^[^/]{1,250}\.service$/.test(part)) unit = unescapeUnit(part);
  }
  return { unit, container };
}

function containerOf(part: string, parent: string): string | null {
  for (const [expression, engine] of SCOPES) {
    const id = expression.exec(part)?.[1];
    if (id !== undefined) return `${engine} ${id.slice(0, SHOWN_ID_DIGITS)}`;
  }
  if (/^[0-9a-f]{64}$/.test(part)) {
    if (parent === 'docker') return `docker ${part.slice(0, SHOWN_ID_DIGITS)}`;
    // cgroupfs driver: /kubepods/burstable/pod<uid>/<id>.
    if (/^pod[0-9a-f-]{36}$/.test(parent)) return `pod ${part.slice(0, SHOWN_ID_DIGITS)}`;
    return `container ${part.slice(0, SHOWN_ID_DIGITS)}`;
  }
  if (parent === 'lxc') return `lxc ${part}`;
  const lxc = /^lxc\.payload\.(.+)$/.exec(part)?.[1];
  if (lxc !== undefined) return `lxc ${lxc}`;
  const machine = /^machine-(.+)\.scope$/.exec(part)?.[1] ?? /^systemd-nspawn@(.+)\.service$/.exec(part)?.[1];
  return machine === undefined ? null : `machine ${unescapeUnit(machine)}`;
}

/** systemd.unit(5): "\x2d" stands for a "-" that is no separator. */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-7][0-9a-f])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
