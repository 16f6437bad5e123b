package dev.rookery.base;

/** An event at its place in a stream, as it was committed. */
public record CommittedEvent(String stream, Position position, Event event) {}
