/**
 * The admin console: server-rendered pages under {@code /admin}.
 *
 * <p>A page is one class that implements {@link dev.rookery.protocol.console.ConsoleSection}: it
 * registers its routes with the one permission that each of them needs, asks domains by their
 * queries and commands, and returns a view. {@link dev.rookery.protocol.console.ConsoleRouter}
 * signs in, checks permissions and CSRF tokens, and renders. Every page works without script; a
 * script that wants a part of a page alone names the block of the template in {@code X-Part}.
 */
@NullMarked
package dev.rookery.protocol.console;

import org.jspecify.annotations.NullMarked;
