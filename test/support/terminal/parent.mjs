/** Forks the terminal (argv[2]), asks it for the runs of argv[3] (JSON), prints its pid, then waits to be killed. */
import { fork } from 'node:child_process';

const [, , worker, requests] = process.argv;
const child = fork(worker, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
child.once('message', () => {
  for (const [id, request] of JSON.parse(requests).entries()) child.send({ type: 'run', id, request });
  process.stdout.write(`${child.pid}\n`);
});
