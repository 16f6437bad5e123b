package dev.rookery.store;

import dev.rookery.base.Event;

/** An event that a unit of work appended and that has no place in its stream yet. */
record Appended(String stream, Event event, String type, String json) {}
