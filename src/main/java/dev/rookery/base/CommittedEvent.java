package dev.rookery.base;

/** A committed event with its stream and its position in that stream. */
public record CommittedEvent(String stream, Position position, Event event) {}
