'use strict';
// Apart from fourtuple.cjs: an old Node would not even read this word.
import('../out/main/cli.js');
