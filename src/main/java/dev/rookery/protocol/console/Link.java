package dev.rookery.protocol.console;

/** A link of a page. */
record Link(String text, String href) {}
