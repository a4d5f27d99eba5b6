"""JupyterLab as an analyst starts it: at the project's root, in Chinese, templates read-only.

========== ==========================================================================
`launch`   the command line of the server and its settings, for this start only
`contents` its contents manager: templates are not saved, the editing form leaves nothing
========== ==========================================================================
"""

from nianbao.lab.launch import lab_command

__all__ = ["lab_command"]
