"""Any PBX that can send and take JSON over HTTP."""
