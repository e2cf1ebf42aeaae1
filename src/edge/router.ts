// Which path does what, by which method.

import { crossOrigin, preflight } from "./cors.js";
import { health } from "./health.js";
import { page } from "./page.js";
import { PROBLEMS, Problem, type ProblemCode, problemPage, problemResponse } from "./problems.js";
import { scenePicture } from "./scene-picture.js";
import type { Service } from "./service.js";
import { answerWork } from "./works.js";

type Answer = (request: Request, service: Service) => Response | Promise<Response>;

interface Route {
  readonly method: "GET" | "POST";
  readonly answer: Answer;
}

const work = (name: "encode" | "decode" | "invert"): Route => ({
  method: "POST",
  answer: (request, service) => answerWork(name, request, service),
});

const ROUTES = new Map<string, Route>([
  ["/", { method: "GET", answer: page }],
  ["/health", { method: "GET", answer: health }],
  ["/scene.png", { method: "GET", answer: scenePicture }],
  ["/encode", work("encode")],
  ["/decode", work("decode")],
  ["/invert", work("invert")],
  ...(Object.keys(PROBLEMS) as ProblemCode[]).map((code): [string, Route] => [
    `/problems/${code}`,
    { method: "GET", answer: () => problemPage(code) },
  ]),
]);

/** Always answers: what is thrown becomes a problem. */
export async function answer(request: Request, service: Service): Promise<Response> {
  const response = await route(request, service).catch((error: unknown) => {
    const problem = problemResponse(error, service.prefix);
    if (problem.status === 500) service.onFault?.(error);
    return problem;
  });
  return crossOrigin(request.method === "HEAD" ? withoutBody(response) : response, service.cors);
}

async function route(request: Request, service: Service): Promise<Response> {
  const { pathname } = new URL(request.url);
  const path = pathname.startsWith(service.prefix) ? pathname.slice(service.prefix.length) : undefined;
  // relative paths of the page need the slash
  if (path === "" && service.prefix !== "") return redirect(`${service.prefix}/`);
  const found = path === undefined ? undefined : ROUTES.get(path);
  if (!found) {
    throw new Problem(
      "not-found",
      `there is nothing at ${JSON.stringify(pathname)}; GET ${service.prefix}/ says what there is`,
    );
  }
  const methods = found.method === "GET" ? ["GET", "HEAD", "OPTIONS"] : ["POST", "OPTIONS"];
  if (request.method === "OPTIONS") return preflight(methods);
  if (!methods.includes(request.method)) {
    throw new Problem("method-not-allowed", `this path takes ${methods.join(", ")}, not ${request.method}`, {
      Allow: methods.join(", "),
    });
  }
  return found.answer(request, service);
}

function redirect(location: string): Response {
  return new Response(null, { status: 308, headers: { Location: location } });
}

function withoutBody({ status, headers }: Response): Response {
  return new Response(null, { status, headers });
}
