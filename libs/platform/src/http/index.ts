export { Answers, Takes } from './answers.ts';
export type { DocsOptions } from './docs.ts';
export { validateBody, validateQuery, type QueryTypes } from './dto.ts';
export { HealthController } from './health.controller.ts';
export { createHttpApp, HttpApp, type HttpAppOptions } from './http-app.ts';
export { formatETag, parseIfMatch } from './if-match.ts';
export { answerJson, JsonRoute, type JsonRouteShape } from './json-route.ts';
export { PROBLEM_TYPE } from './problem.ts';
export { busStatus, issuerStatus, Readiness, storeStatus, type DependencyStatus } from './readiness.ts';
