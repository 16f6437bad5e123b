package dev.rookery.extension;

/** A key-value entry that a client wants to read, whether it exists or not. */
public record KvRead(String key, KvScope scope) {}
