// Garbage that V8 has not collected yet is not growth: workerd.mjs asks for this before it reads the memory.

export async function collected() {
  for (let i = 0; i < 3; ++i) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return new Response("collected");
}
