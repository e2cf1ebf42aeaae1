// Uses the page by keyboard, at the width of a phone. Whatever the browser complains of, as of its policy, is a failure.

import { launch } from "puppeteer-core";
import { withExample } from "../hosts/start.mjs";

await withExample([], async (url) => {
  // root needs the first
  const browser = await launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    const complaints = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.setViewport({ width: 360, height: 800 });
    await page.goto(url);
    await page.focus("#scene");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => !document.querySelector("#result").hidden, { timeout: 60_000 });
    const { facts, width, images } = await page.evaluate(() => ({
      facts: document.querySelector("#facts").innerText,
      width: document.documentElement.scrollWidth,
      images: [...document.images].map(({ naturalWidth }) => naturalWidth),
    }));
    if (images.join() !== "128,128") throw new Error(`the pictures are ${images} pixels wide`);
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
    const [, decibels] = /PSNR\s+([\d.]+) dB/.exec(facts);
    const narrow = width <= 360 ? "no wider than a phone" : `${width} pixels wide`;
    console.log(`the scene comes back at ${decibels} dB, and the page is ${narrow}`);
  } finally {
    await browser.close();
  }
});
