#!/usr/bin/env node
'use strict';
// The command of the npm package. In the JavaScript of 2009, so that a Node of any age can say what is wrong.

var needed = 24;
var present = process.versions.node;

if (parseInt(present.split('.')[0], 10) < needed) {
  var reason =
    'its history is kept by the SQLite that came with Node ' + needed + '; this is Node ' + present;
  process.stderr.write('fourtuple: Node is too old: ' + reason + '. Install a newer one.\n');
  // As everything that could not be found out: monitoring reads 3 as "unknown".
  process.exit(3);
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- there is nothing else that an old Node reads
require('./run.cjs');
