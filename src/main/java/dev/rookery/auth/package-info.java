/**
 * Ways in and out: sign-in, registration, sessions, refresh. Hashing runs on workers of its own.
 */
@NullMarked
package dev.rookery.auth;

import org.jspecify.annotations.NullMarked;
