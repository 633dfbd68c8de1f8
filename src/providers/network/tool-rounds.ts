/** Requests to a model for one reply: tools lead to tools, and a model that never comes to words is made to, or given up. */
export const mostRounds = 5;
