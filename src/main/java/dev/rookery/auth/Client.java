package dev.rookery.auth;

import org.jspecify.annotations.Nullable;

/** Who is at the other end of a sign-in, as shown to the player among his sessions. */
public record Client(String address, @Nullable String userAgent) {}
