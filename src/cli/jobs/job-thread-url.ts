// Where the thread of the API's jobs is: beside this file, and compiled if this one is.

export function jobThreadUrl(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./job-thread.ts', import.meta.url)
    : new URL('./job-thread.js', import.meta.url);
}
