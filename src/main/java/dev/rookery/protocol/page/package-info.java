/**
 * The pages that people need: sign in, register, what letters lead to, settings, their data. They
 * are made on the server, need no script and ask no other server for anything. Every rule is that
 * of the domain; a page only shows and asks.
 */
@NullMarked
package dev.rookery.protocol.page;

import org.jspecify.annotations.NullMarked;
