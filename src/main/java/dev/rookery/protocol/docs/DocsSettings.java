package dev.rookery.protocol.docs;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * How the documentation of a node looks.
 *
 * @param title the name of the game
 * @param css style sheet of the theme, over that of the pages; null for none
 * @param version of the server
 */
public record DocsSettings(String title, @Nullable Buffer css, String version) {}
