// The public API: what the reader asks for, and how it fails. No other module fetches.

const TIMEOUT_MS = 20000;

/**
 * An answer that is not what was asked for. `status` is 0 when there was no answer at all; `reason` is the code
 * that the API gives for what is gone, and `problem` the whole answer, with its note and replacement.
 */
export class ApiError extends Error {
  constructor(status, detail, url, reason = "", problem = {}) {
    super(detail || `The API answered ${status}.`);
    this.name = "ApiError";
    this.status = status;
    this.detail = detail;
    this.reason = reason;
    this.problem = problem;
    this.url = url;
  }
}

async function readProblem(response) {
  try {
    const problem = await response.json();
    const { detail, message, reason } = problem;
    const texts = [detail ?? message, reason].map((text) => (typeof text === "string" ? text : ""));
    return { detail: texts[0], reason: texts[1], problem };
  } catch {
    return { detail: "", reason: "", problem: {} };
  }
}

async function getJson(url, { headers, ...options } = {}) {
  let response;
  try {
    response = await fetch(url, {
      headers: { Accept: "application/json", ...headers },
      credentials: "omit",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...options,
    });
  } catch (error) {
    throw new ApiError(0, error.message, url);
  }
  if (!response.ok) {
    const { detail, reason, problem } = await readProblem(response);
    throw new ApiError(response.status, detail, url, reason, problem);
  }
  try {
    return { data: await response.json(), response };
  } catch {
    throw new ApiError(response.status, "The answer is not JSON.", url);
  }
}

function buildUrl(base, parameters) {
  return `${base}?${new URLSearchParams(parameters)}`;
}

/** Return the functions that read the API below the roots of v2 and v3, such as `/api/v2/`. */
export function createApi({ v2, v3 }) {
  return {
    /** The page with this path, in whatever language it is. */
    async findPage(path) {
      const { data, response } = await getJson(buildUrl(`${v2}pages/find/`, { html_path: path, fields: "*" }));
      // find/ redirects to the page itself, and a redirect may lose the wish for all fields.
      const isComplete = !response.redirected || new URL(response.url).searchParams.get("fields") === "*";
      if (isComplete) return data;
      return (await getJson(buildUrl(`${v2}pages/${data.id}/`, { fields: "*" }))).data;
    },

    /** The main navigation in a language. */
    async getNavigation(locale) {
      return (await getJson(buildUrl(`${v3}navigation/`, { locale }))).data;
    },

    /** What the site says about itself in a language. */
    async getSite(locale) {
      return (await getJson(buildUrl(`${v3}site/`, { locale }))).data;
    },
  };
}

/**
 * Return the functions that read and answer a draft with the token of its link. The token goes into a header
 * and nowhere else, so that no log, no cache and no other site gets it.
 */
export function createDraftApi({ v3, token, locale }) {
  const ask = async (path, { parameters = {}, body = null } = {}) => {
    const options = { cache: "no-store", referrerPolicy: "no-referrer", headers: { "X-Draft-Token": token } };
    if (body !== null) {
      options.method = "POST";
      options.body = JSON.stringify(body);
      options.headers["Content-Type"] = "application/json";
    }
    return (await getJson(buildUrl(`${v3}drafts/${path}`, { locale, ...parameters }), options)).data;
  };
  return {
    /** The draft that the link shows now. */
    getDraft: () => ask(""),

    /** What has changed since a revision that the link has shown before. */
    getDifferences: (revision) => ask("diff/", { parameters: { from: revision } }),

    /** What was said about the draft. */
    getComments: () => ask("comments/"),

    /** Say something about a block, or in answer to a comment. */
    postComment: ({ blockId, text, parent }) => ask("comments/", { body: { block_id: blockId, text, parent } }),

    /** Close a thread. */
    resolveComment: (id) => ask(`comments/${encodeURIComponent(id)}/resolve/`, { body: {} }),

    /** Who has decided what. */
    getDecisions: () => ask("decisions/"),

    /** Decide about the text with a content hash. */
    postDecision: (decision) => ask("decisions/", { body: decision }),
  };
}
