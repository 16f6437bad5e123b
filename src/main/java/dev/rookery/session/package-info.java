/** Authentication of connections: tokens, and whether the session behind a token is still open. */
@NullMarked
package dev.rookery.session;

import org.jspecify.annotations.NullMarked;
