/**
 * The documentation at {@code /docs}: Markdown files of the jar as HTML pages, with navigation and
 * search. Nothing is rendered before the first request for it, so the start of a node pays nothing.
 */
@NullMarked
package dev.rookery.protocol.docs;

import org.jspecify.annotations.NullMarked;
