import { openPage } from '../../../support/web-client.ts';
import { serveRig } from '../../../support/web-host.ts';
import { describeContract } from '../contract-suite.ts';

describeContract('web host', async () => {
  const rig = await serveRig();
  const page = await openPage(rig.host.newUrl());
  return {
    rig,
    ask: (name, args) => page.ask(name, args),
    events: page.events,
    close: async () => {
      page.socket.terminate();
      await rig.close();
    },
  };
});
