/** Requests to a model for one reply: tools lead to tools, and a model that never comes to words is made to, or given up. */
export const mostToolRounds = 5;

/** Characters of JSON that a model may write as the arguments of a tool. */
export const longestToolArguments = 16_384;
