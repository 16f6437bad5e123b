package dev.rookery.extension.game;

/**
 * What a bot does.
 *
 * @param payload JSON text, {@code null} for none
 * @param delayMs how long to wait before it is carried out; 0 for not at all
 */
public record BotDecision(String event, String payload, long delayMs) {}
