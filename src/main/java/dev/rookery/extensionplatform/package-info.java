/**
 * Connects extensions with the domains: the hooks before commands, and the platform, which turns
 * the calls of extensions into commands. It has no rules of its own.
 */
@NullMarked
package dev.rookery.extensionplatform;

import org.jspecify.annotations.NullMarked;
