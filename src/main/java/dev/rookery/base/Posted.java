package dev.rookery.base;

/** An event at its place in a stream, as it was committed. */
public record Posted(String stream, Position position, Event event) {}
