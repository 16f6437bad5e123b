package dev.rookery.chat;

/**
 * Who may write in a conversation.
 *
 * @param slowdownSeconds how long he waits between two messages there; 0 for not at all
 */
record Speaker(String name, int slowdownSeconds) {}
