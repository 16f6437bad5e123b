/**
 * What the admin console knows without HTTP: roles and permissions, sessions of the console, the
 * second factor, the first owner, and the audit log. Domains may use it for the rights of a player;
 * it depends on none of them.
 */
@NullMarked
package dev.rookery.console;

import org.jspecify.annotations.NullMarked;
