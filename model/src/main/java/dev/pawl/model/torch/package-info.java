/**
 * The one package that knows DJL and libtorch: programs, their methods, and tensors in scopes.
 *
 * <p>A program is a TorchScript text with settings; a second runtime would replace this package and
 * nothing else.
 */
@NullMarked
package dev.pawl.model.torch;

import org.jspecify.annotations.NullMarked;
