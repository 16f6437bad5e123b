package dev.rookery.auth;

/**
 * A player who came with a token of Discord's, and what Discord shows of him.
 *
 * @param avatar an address, empty if none
 */
public record DiscordSignIn(LongLivedToken signIn, String id, String username, String avatar) {}
