/** Sign-in, registration, sessions, token refresh, bans and the emails they need. */
@NullMarked
package dev.rookery.auth;

import org.jspecify.annotations.NullMarked;
