/**
 * Foreign services that vouch for people: what is asked of them over HTTP, and what their answers
 * are worth. Knows nothing of players. Everything here parks the calling virtual thread until the
 * service has answered, for a bounded time; an answer is bounded in size.
 */
@NullMarked
package dev.rookery.provider;

import org.jspecify.annotations.NullMarked;
