import type { IpcMain, WebContents } from 'electron';
import { serveIpc } from '../../../../main/hosts/desktop/ipc-registry.ts';
import { callChannel } from '../../../../preload/channels.ts';
import { createDoor } from '../../../../preload/door.ts';
import type { Answer, CallName } from '../../../../preload/contract.ts';
import { FakeContents, fakeFrame, FakeIpc } from '../../../support/fake-electron.ts';
import { rigWorkbench } from '../../../support/workbench.ts';
import { refuse } from '../../../../main/hosts/serve-contract.ts';
import { describeContract } from '../contract-suite.ts';

describeContract('desktop host', async () => {
  const rig = rigWorkbench({ host: 'desktop' });
  const ipc = new FakeIpc();
  const contents = new FakeContents();
  serveIpc(ipc as unknown as IpcMain, rig.workbench).attach(contents as unknown as WebContents);
  contents.emit('did-finish-load');
  const events: { name: string; payload: unknown }[] = [];
  createDoor(ipc.rendererOf(contents)).onEvent((event) => events.push(event));
  const ask = async (name: unknown, args: unknown): Promise<Answer<unknown>> => {
    const channel = callChannel(name as CallName);
    // Electron itself refuses a channel that nobody handles: there is no lookup by name of ours to attack.
    if (!ipc.handlers.has(channel)) return refuse('unknown-call', 'No handler registered.');
    return (await ipc.invoke(contents, fakeFrame(), channel, args)) as Answer<unknown>;
  };
  return { rig, ask, events, close: async () => rig.workbench.stop() };
});
