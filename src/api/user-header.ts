// In whose name a request is made. Only the owner of the socket can reach it, so the name is believed.

/** Carries the user's name, percent-encoded. */
export const userHeader = 'foretide-user';
