// Node 20.19, 22.12 and newer can; an older Node needs `await import("unpool")`.
const { createLayer } = require("unpool");
const { say } = require("./program.js");

say(createLayer);
