package dev.rookery.auth;

/**
 * A sign-in with an access token of Discord, and the Discord user.
 *
 * @param avatar URL, empty if there is none
 */
public record DiscordSignIn(LongLivedToken token, String id, String username, String avatar) {}
