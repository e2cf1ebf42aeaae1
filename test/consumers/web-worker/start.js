new Worker("print-by-path.js", { type: "module" });
