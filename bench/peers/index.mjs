// The peers that are here.

export const wasmPeers = ["onnxruntime-web", "tfjs-backend-wasm"];
const names = [...wasmPeers, "onnxruntime-node", "pytorch"];

/** @returns { peers, absent: lines that say which are not, and why }. */
export async function loadPeers(wanted = names) {
  const peers = [];
  const absent = [];
  for (const name of wanted) {
    try {
      peers.push(await import(`./${name}.mjs`));
    } catch (error) {
      absent.push(`${name} is left out: ${error.message.split("\n")[0]}`);
    }
  }
  return { peers, absent };
}
