/** The HTTP server and its sockets. Knows no domain and no wire; wires are mounted on it. */
@NullMarked
package dev.rookery.edge;

import org.jspecify.annotations.NullMarked;
