package dev.rookery.auth;

/**
 * The result of a sign-in with username and password.
 *
 * @param admin whether the player is an admin
 */
public record UsernameSignIn(LongLivedToken token, boolean admin) {}
