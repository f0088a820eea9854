import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recogniseRuntime } from '../../../main/core/attribution.ts';

const runtimeOf = (process: string | null, commandLine: string | null = null, executable?: string | null) =>
  recogniseRuntime({ process, commandLine, executable });

describe('recognising what runs a program', () => {
  it.each([
    ['python3', null, 'python'],
    ['python3.11', '/usr/bin/python3.11 app.py', 'python'],
    ['node', 'node server.js', 'node'],
    ['java', 'java -jar shop.jar', 'java'],
    ['dotnet', 'dotnet Shop.dll', 'dotnet'],
    ['php-fpm8.2', 'php-fpm: pool www', 'php'],
    ['php-fpm', 'php-fpm: pool www', 'php'],
    ['ruby', 'puma 6.4.2 (tcp://0.0.0.0:3000)', 'ruby'],
    ['nginx', 'nginx: worker process', 'nginx'],
    ['haproxy', 'haproxy -f /etc/haproxy.cfg', 'haproxy'],
    ['envoy', 'envoy -c envoy.yaml', 'envoy'],
    ['apache2', '/usr/sbin/apache2 -k start', 'apache'],
    ['curl', 'curl -s http://192.0.2.1/', 'curl'],
    ['wget', null, 'wget'],
    ['ab', 'ab -n 1000 http://192.0.2.1/', 'ab'],
    ['wrk', null, 'wrk'],
    ['hey', null, 'hey'],
    ['k6', 'k6 run load.js', 'k6'],
    ['mysql', 'mysql -h db', 'mysql'],
    ['nc', 'nc 192.0.2.1 80', 'netcat'],
    ['bash', 'bash loop.sh', 'shell'],
    ['nginx.exe', 'C:\\nginx\\nginx.exe', 'nginx'],
    ['java', 'java -cp x -jar /opt/jmeter/bin/ApacheJMeter.jar -n', 'jmeter'],
    ['java', 'java io.gatling.app.Gatling -s Shop', 'gatling'],
    ['python3', '/usr/bin/python3 /usr/local/bin/locust -f shop.py', 'locust'],
    ['shop-api', '/opt/shop/shop-api --port 80', null],
    ['nodelist', 'nodelist', null],
    [null, null, null],
  ])('%s, run as %s, is %s', (process, commandLine, runtime) => {
    expect(runtimeOf(process, commandLine)).toBe(runtime);
  });

  it('believes the executable before what a process calls itself', () => {
    expect(runtimeOf('worker-3', 'shop: worker 3', '/usr/bin/node')).toBe('node');
    expect(runtimeOf('nginx', 'nginx', '/usr/bin/python3.12')).toBe('python');
    expect(runtimeOf('python3', null, '/usr/bin/python3.11 (deleted)')).toBe('python');
    expect(runtimeOf('java', 'java', '/opt/own/thing')).toBe('java');
  });

  it('takes no argument for the program', () => {
    expect(runtimeOf('shop', 'shop --backend nginx node')).toBeNull();
  });

  it('never throws, whatever a process calls itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (process, commandLine, executable) => {
        const runtime = runtimeOf(process, commandLine, executable);
        expect(runtime === null || runtime.length > 0).toBe(true);
      }),
    );
    for (const name of ['constructor', '__proto__', 'toString']) expect(runtimeOf(name, name)).toBeNull();
  });
});
