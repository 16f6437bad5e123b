/** Who is on a connection: tokens, and whether the sign-in behind one is still open. */
@NullMarked
package dev.rookery.session;

import org.jspecify.annotations.NullMarked;
