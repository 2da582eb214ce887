# For `make lab`: edits of the package are picked up without a restart of the kernel.
c.InteractiveShellApp.extensions = ["autoreload"]
c.InteractiveShellApp.exec_lines = ["%autoreload 2"]
